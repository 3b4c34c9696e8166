(* Recurrent networks: the steps, which are programs that hand on a state, compute the states of
   RecurrentDefinitions.v, for every number of steps. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions RecurrentDefinitions Vocabulary Words Generic Rounding Values.
From TC0 Require Import Vectors StairNorm Gated Stage Steps.
Import ListNotations.
Open Scope Z_scope.

(* ---- states as tensors ---- *)

(* The state of each step is read as tensors of its shape, however it is coded. *)
Lemma stacked_one i h n S : in_shape i = [[h]] ->
  exists t, stacked [i] n (map S (seq 0 h)) = [t] /\ vector t (peval [h] n) S.
Proof.
  intro I. cbn [stacked]. rewrite I. eexists. split; [reflexivity |].
  unfold dims. cbn [map]. rewrite length_c. split; [reflexivity |]. intros k K. cbn [snd].
  rewrite table_eq, inb1 by auto. cbn [ravel]. rewrite Nat.mul_0_l, Nat.add_0_l.
  rewrite (nth_indep _ 0 (S 0%nat)) by (now rewrite map_length, seq_length).
  now rewrite map_nth, seq_nth.
Qed.
Lemma stacked_two i j h n S C : in_shape i = [[h]] -> in_shape j = [[h]] ->
  exists t u, stacked [i; j] n (map S (seq 0 h) ++ map C (seq 0 h)) = [t; u] /\
    vector t (peval [h] n) S /\ vector u (peval [h] n) C.
Proof.
  intros I J. cbn [stacked]. rewrite I, J. eexists. eexists. split; [reflexivity |].
  unfold dims. cbn [map prod fold_right]. rewrite length_c, Nat.mul_1_r.
  split; (split; [reflexivity |]); intros k K; cbn [snd]; rewrite table_eq, inb1 by auto;
    cbn [ravel]; rewrite Nat.mul_0_l, Nat.add_0_l.
  - rewrite app_nth1 by (now rewrite map_length, seq_length).
    rewrite (nth_indep _ 0 (S 0%nat)) by (now rewrite map_length, seq_length).
    now rewrite map_nth, seq_nth.
  - rewrite skipn_app, map_length, seq_length, Nat.sub_diag. cbn [skipn].
    rewrite (skipn_all2 (map S _)) by (rewrite map_length, seq_length; lia). cbn [app].
    rewrite (nth_indep _ 0 (C 0%nat)) by (now rewrite map_length, seq_length).
    now rewrite map_nth, seq_nth.
Qed.

(* A first state without bits is 0. *)
Definition zeros (h : nat) : input := thermometers [[h]] 0 0.
Lemma zeros_elements h n o x :
  elements (sem0 (zeros h) n o x) = map nothing (seq 0 h).
Proof.
  replace (seq 0 h) with (seq 0 (peval [h] n)) by now rewrite length_c.
  apply vector_elements. split; [reflexivity |]. intros k K.
  unfold sem0. cbn [zeros thermometers in_shape in_base in_bits snd]. unfold dims. cbn [map].
  rewrite table_eq, inb1 by auto. reflexivity.
Qed.

(* ---- steps one after another ---- *)

(* Steps that share no input, each of which reads m integers of p bits, from a first state without
   bits. If each makes of a state, which is coded as numbers, the next one, and the last one puts
   out what is asked for, then this is computed. *)
Theorem states_after {A} (code : A -> list Z) (next : (nat -> Z) -> A -> A)
    (out : (nat -> Z) -> A -> list Z) (gs : nat -> stage) m p n x s T :
  (forall t, g_fresh (gs t) = [integers [[m]] p]) ->
  many (g_state (gs 0%nat)) n = 0%nat ->
  (forall o, flat_map elements (sems0 (g_state (gs 0%nat)) n o x) = code s) ->
  (forall t u X s, (S t < T)%nat -> vector u (peval [m] n) X ->
    meant (g_ops (gs t)) (g_outs (gs t)) n (u :: stacked (g_state (gs t)) n (code s)) =
      code (next X s)) ->
  (forall t u X s, S t = T -> vector u (peval [m] n) X ->
    meant (g_ops (gs t)) (g_outs (gs t)) n (u :: stacked (g_state (gs t)) n (code s)) = out X s) ->
  (1 <= T)%nat ->
  let X t := decode_from (t * (m * p)) p x in
  after [] gs n x T = out (X (pred T)) (states next X s (pred T)).
Proof.
  intros F B H0 Hn Hl T1 X.
  assert (P : forall t, fresh_bit [] gs n t = (t * (m * p))%nat).
  { intro t. unfold fresh_bit. rewrite B. change (many [] n) with 0%nat. cbn [Nat.add].
    induction t as [| t IH]; [reflexivity |]. rewrite seq_S, map_app, list_sum_app, IH.
    cbn [map Nat.add]. rewrite F. unfold many. cbn [map list_sum fold_right].
    unfold nbits. cbn [integers in_shape in_bits].
    unfold dims. cbn [map prod fold_right]. rewrite length_c. lia. }
  assert (V : forall t, vector (sem0 (integers [[m]] p) n (t * (m * p)) x) (peval [m] n) (X t))
    by (intro t; apply input_vector).
  assert (I : forall t, (t < T)%nat -> after [] gs n x t = code (states next X s t)).
  { induction t as [| t IH]; intro L; cbn [after states]; [apply H0 |].
    rewrite IH, F, P by lia. cbn [sems0 app]. now apply Hn. }
  destruct T as [| t]; [lia |]. cbn [after pred]. rewrite I, F, P by lia. cbn [sems0 app].
  now apply Hl.
Qed.
Print Assumptions states_after.

(* ---- what operations of cells mean ---- *)

(* The value of an operation that is known. *)
Lemma value_at n E a ops k o m X : values n E a ops -> nth_error ops k = Some o ->
  vector (sem1 n E o) m X -> vector (nth (a + k) E tnone) m X.
Proof. intros V K. now rewrite (V k o K). Qed.

(* A copy. *)
Lemma gather_vector n E m a X : vector (nth a E tnone) (peval m n) X ->
  vector (sem1 n E (gather [m] [IV 0] a)) (peval m n) X.
Proof.
  intros [_ H]. split; [reflexivity |]. intros i I.
  rewrite gather_element by now apply inb1. cbn [imap map ieval nth]. now apply H.
Qed.

(* Follows a value back to what is known. *)
Ltac follow_vector V a :=
  repeat first
  [ eassumption
  | lazymatch goal with
    | |- vector (nth ?j _ tnone) _ _ =>
      let k := eval compute in (j - a)%nat in
      eapply (value_at _ _ a _ k _ _ _ V); [reflexivity |]
    | |- vector (sem1 _ _ (step _ _ _)) _ _ => eapply step_constant_vector
    | |- vector (sem1 _ _ (OAdd _ _)) _ _ => eapply add_vector
    | |- vector (sem1 _ _ (OCon _ _ _ _ _ _)) _ _ => eapply times_vector
    | |- vector (sem1 _ _ (affine _ _ _ _)) _ _ => eapply affine_vector
    | |- vector (sem1 _ _ (linear _ _ _ _ _ _)) _ _ => eapply linear_vector
    | |- vector (sem1 _ _ (gather _ _ _)) _ _ => eapply gather_vector
    end ].

(* The values of a cell that reads some vectors. *)
Lemma cell_values ops n ts sizes vs : ordered (length ts) ops ->
  Forall2 (fun t mv => vector t (fst mv) (snd mv)) ts (combine sizes vs) ->
  exists E, values n E (length ts) ops /\
    (forall j m X, nth_error (combine sizes vs) j = Some (m, X) -> vector (nth j E tnone) m X) /\
    forall ks, meant ops ks n ts = flat_map (fun k => elements (nth k E tnone)) ks.
Proof.
  intros O H. exists (sems n ops ts). split; [now apply sems_values | split; [| reflexivity]].
  assert (G : forall j m X, nth_error (combine sizes vs) j = Some (m, X) ->
    (j < length ts)%nat /\ vector (nth j ts tnone) m X).
  { clear O. induction H as [| t [m' X'] ts r V _ IH]; intros [| j] m X J; cbn in *; try easy.
    - injection J as <- <-. split; [lia | exact V].
    - destruct (IH j m X J). split; [lia | auto]. }
  intros j m X J. destruct (G j m X J). now rewrite sems_old.
Qed.

(* Its values E, of which V says what operations they are, from vectors H0 and H1. *)
Ltac cell E V sizes vs :=
  lazymatch goal with
  | |- meant ?ops _ ?n ?ts = _ =>
    let O := fresh in let H := fresh in let M := fresh in
    destruct (cell_values ops n ts sizes vs) as (E & V & H & M);
    [ in_order | repeat (apply Forall2_cons; [assumption |]); apply Forall2_nil |];
    rewrite M; clear M; cbn [flat_map length] in *;
    try pose proof (H 0%nat _ _ eq_refl); try pose proof (H 1%nat _ _ eq_refl);
    try pose proof (H 2%nat _ _ eq_refl); clear H; rewrite ?app_nil_r
  end.

(* The elements of a value of a cell are those that its operations make. *)
Ltac cell_elements V a :=
  etransitivity; [eapply vector_elements; follow_vector V a |];
  rewrite !length_c; apply map_ext; intro; cbn beta.

(* There is no bias where none is listed. *)
Ltac no_bias o := rewrite ?length_c; replace (nth o [] 0) with 0 by (now destruct o);
  rewrite ?Z.add_0_l.

(* ---- cells ---- *)

(* What the cells share. *)
Section Cells.
  Variables (m h : nat) (one lo : Z) (levels : nat).

  (* The operations of a gate, of which the first has number k, and the last k + 3: the state is
     value 1. *)
  Definition gate_ops (k : nat) (g : gate) : list op :=
    [ linear [[h]] [m] 0 (of_input g) (biases g) 0;
      linear [[h]] [h] 0 (of_state g) [] 1;
      OAdd k (k + 1);
      step (least g) (jumps_up g) (k + 2) ].

  (* Elman networks. *)
  Definition elman_ops (g : gate) : list op := gate_ops 2 g.
  Lemma elman_means g n t u X S : vector t (peval [m] n) X -> vector u (peval [h] n) S ->
    meant (elman_ops g) [5%nat] n [t; u] = map (opened m h g X S) (seq 0 h).
  Proof.
    intros HX HS. cell E V [peval [m] n; peval [h] n] [X; S].
    cell_elements V 2%nat. unfold opened, elman. f_equal. f_equal. now destruct a.
  Qed.

  (* Gated recurrent units. *)
  Definition gru_ops (update reset candidate : gate) : list op :=
    gate_ops 2 update ++ gate_ops 6 reset ++
    [ (* 10 to 15: what is proposed *)
      linear [[h]] [m] 0 (of_input candidate) (biases candidate) 0;
      affine [[h]] one 0 10;
      linear [[h]] [h] 0 (of_state candidate) [] 1;
      OCon [[h]] [] [IV 0] [IV 0] 9 12;
      OAdd 11 13;
      step (least candidate) (jumps_up candidate) 14;
      (* 16 to 20: the next state *)
      affine [[h]] (-1) one 5;
      OCon [[h]] [] [IV 0] [IV 0] 16 1;
      OCon [[h]] [] [IV 0] [IV 0] 5 15;
      OAdd 17 18;
      step lo (round_jumps one lo levels) 19 ].
  Lemma gru_means update reset candidate n t u X S : 0 < one ->
    vector t (peval [m] n) X -> vector u (peval [h] n) S ->
    meant (gru_ops update reset candidate) [20%nat] n [t; u] =
      map (gru m h one lo levels update reset candidate X S) (seq 0 h).
  Proof.
    intros U HX HS. cell E V [peval [m] n; peval [h] n] [X; S].
    cell_elements V 2%nat. rewrite stair_round by auto. unfold gru, proposed, opened, elman.
    now no_bias a.
  Qed.

  (* Long short-term memory: the cell is value 2. *)
  Variable room : Z.
  Definition lstm_ops (input forget output candidate : gate) (base : Z) (tangent : list (Z * Z))
      : list op :=
    gate_ops 3 input ++ gate_ops 7 forget ++ gate_ops 11 output ++ gate_ops 15 candidate ++
    [ (* 19 to 23: the next cell *)
      OCon [[h]] [] [IV 0] [IV 0] 10 2;
      affine [[h]] room 0 19;
      OCon [[h]] [] [IV 0] [IV 0] 6 18;
      OAdd 20 21;
      step lo (round_jumps (room * one) lo levels) 22;
      (* 24 to 26: its tangent, without its rounding, and the next state *)
      step (stair base tangent lo)
        (image (stair base tangent) lo (round_jumps (room * one) lo levels)) 22;
      OCon [[h]] [] [IV 0] [IV 0] 14 24;
      step lo (round_jumps one lo levels) 25 ].
  Lemma lstm_means input forget output candidate base tangent n t u v X S C :
    0 < one -> 0 < room * one -> rising (round_jumps (room * one) lo levels) = true ->
    vector t (peval [m] n) X -> vector u (peval [h] n) S -> vector v (peval [h] n) C ->
    let next := lstm m h one lo levels room input forget output candidate base tangent X (S, C) in
    let ops := lstm_ops input forget output candidate base tangent in
    meant ops [26%nat] n [t; u; v] = map (fst next) (seq 0 h) /\
    meant ops [26; 23]%nat n [t; u; v] = map (fst next) (seq 0 h) ++ map (snd next) (seq 0 h).
  Proof.
    intros U1 U2 R HX HS HC next ops.
    assert (A : forall E : list tensor, values n E 3 ops ->
      vector (nth 0 E tnone) (peval [m] n) X -> vector (nth 1 E tnone) (peval [h] n) S ->
      vector (nth 2 E tnone) (peval [h] n) C ->
      elements (nth 26 E tnone) = map (fst next) (seq 0 h) /\
      elements (nth 23 E tnone) = map (snd next) (seq 0 h)).
    { intros E V ? ? ?. unfold ops, lstm_ops in V. split; cell_elements V 3%nat;
        rewrite ?image_ok, !stair_round by auto;
        unfold next, lstm, remembered, opened, elman; cbn [fst snd]; no_bias a;
        repeat (f_equal; try ring). }
    split; cell E V [peval [m] n; peval [h] n; peval [h] n] [X; S; C];
      destruct (A E) as [-> B]; auto. now rewrite B.
  Qed.

  (* State-space models: the state, and what is read out of it. *)
  Definition linear_ops (A B : list (list Z)) (unit : Z) : list op :=
    [ linear [[h]] [h] 0 A [] 1;
      linear [[h]] [m] 0 B [] 0;
      OAdd 2 3;
      step lo (round_jumps unit lo levels) 4 ].
  Lemma linear_means A B unit n t u X S : 0 < unit ->
    vector t (peval [m] n) X -> vector u (peval [h] n) S ->
    meant (linear_ops A B unit) [5%nat] n [t; u] =
      map (linear_state m h A B unit lo levels X S) (seq 0 h).
  Proof.
    intros U HX HS. cell E V [peval [m] n; peval [h] n] [X; S].
    cell_elements V 2%nat. rewrite stair_round by auto. unfold linear_state. now no_bias a.
  Qed.
  Definition linear_last (A B : list (list Z)) (unit : Z) (d : nat) (C D : list (list Z))
      (unit' lo' : Z) (levels' : nat) : list op :=
    linear_ops A B unit ++
    [ gather [[h]] [IV 0] 5;
      linear [[d]] [h] 0 C [] 6;
      linear [[d]] [m] 0 D [] 0;
      OAdd 7 8;
      step lo' (round_jumps unit' lo' levels') 9 ].
  Lemma linear_last_means A B unit d C D unit' lo' levels' n t u X S : 0 < unit -> 0 < unit' ->
    vector t (peval [m] n) X -> vector u (peval [h] n) S ->
    meant (linear_last A B unit d C D unit' lo' levels') [10%nat] n [t; u] =
      map (linear_output m h C D unit' lo' levels' X
        (linear_state m h A B unit lo levels X S)) (seq 0 d).
  Proof.
    intros U U' HX HS. cell E V [peval [m] n; peval [h] n] [X; S].
    cell_elements V 2%nat. rewrite stair_round by auto. unfold linear_output, linear_state.
    no_bias a. do 2 f_equal. apply bigsum_ext. intros k K. f_equal. cbn beta.
    rewrite stair_round by auto. now no_bias k.
  Qed.
End Cells.

(* ---- certificates ---- *)

(* Steps whose state is h numbers, of which the last one puts out e others. *)
Theorem vector_after next last h gs m p e n x T :
  (forall t, g_fresh (gs t) = [integers [[m]] p]) ->
  g_state (gs 0%nat) = [zeros h] ->
  (forall t, exists i, g_state (gs t) = [i] /\ in_shape i = [[h]]) ->
  (forall t, (S t < T)%nat -> forall u v X S,
    vector u (peval [m] n) X -> vector v (peval [h] n) S ->
    meant (g_ops (gs t)) (g_outs (gs t)) n [u; v] = map (next X S) (seq 0 h)) ->
  (forall t, S t = T -> forall u v X S,
    vector u (peval [m] n) X -> vector v (peval [h] n) S ->
    meant (g_ops (gs t)) (g_outs (gs t)) n [u; v] = map (last X S) (seq 0 e)) ->
  (1 <= T)%nat ->
  let X t := decode_from (t * (m * p)) p x in
  after [] gs n x T = map (last (X (pred T)) (states next X nothing (pred T))) (seq 0 e).
Proof.
  intros F Z I Hn Hl T1 X.
  apply (states_after (fun S => map S (seq 0 h)) next (fun X S => map (last X S) (seq 0 e)) gs m p);
    auto.
  - rewrite Z. unfold many, nbits. cbn. lia.
  - intro o. rewrite Z. cbn [sems0 flat_map]. now rewrite app_nil_r, zeros_elements.
  - intros t u Y S L V. destruct (I t) as (i & -> & D).
    destruct (stacked_one i h n S D) as (v & -> & W). now apply Hn.
  - intros t u Y S L V. destruct (I t) as (i & -> & D).
    destruct (stacked_one i h n S D) as (v & -> & W). now apply Hl.
Qed.

(* What the last step reads out of its state. *)
Corollary read_after next out h gs m p e n x T :
  (forall t, g_fresh (gs t) = [integers [[m]] p]) ->
  g_state (gs 0%nat) = [zeros h] ->
  (forall t, exists i, g_state (gs t) = [i] /\ in_shape i = [[h]]) ->
  (forall t, (S t < T)%nat -> forall u v X S,
    vector u (peval [m] n) X -> vector v (peval [h] n) S ->
    meant (g_ops (gs t)) (g_outs (gs t)) n [u; v] = map (next X S) (seq 0 h)) ->
  (forall t, S t = T -> forall u v X S,
    vector u (peval [m] n) X -> vector v (peval [h] n) S ->
    meant (g_ops (gs t)) (g_outs (gs t)) n [u; v] = map (out X (next X S)) (seq 0 e)) ->
  (1 <= T)%nat ->
  let X t := decode_from (t * (m * p)) p x in
  after [] gs n x T = map (out (X (pred T)) (states next X nothing T)) (seq 0 e).
Proof.
  intros F Z I Hn Hl T1 X.
  rewrite (vector_after next (fun X S => out X (next X S)) h gs m p e n x T); auto.
  destruct T; [lia | reflexivity].
Qed.

(* If the last step puts out its state, as the others do, it is the state after all steps. *)
Corollary state_after next h gs m p n x T :
  (forall t, g_fresh (gs t) = [integers [[m]] p]) ->
  g_state (gs 0%nat) = [zeros h] ->
  (forall t, exists i, g_state (gs t) = [i] /\ in_shape i = [[h]]) ->
  (forall t, (S t < T)%nat -> forall u v X S,
    vector u (peval [m] n) X -> vector v (peval [h] n) S ->
    meant (g_ops (gs t)) (g_outs (gs t)) n [u; v] = map (next X S) (seq 0 h)) ->
  (forall t, S t = T -> forall u v X S,
    vector u (peval [m] n) X -> vector v (peval [h] n) S ->
    meant (g_ops (gs t)) (g_outs (gs t)) n [u; v] = map (next X S) (seq 0 h)) ->
  (1 <= T)%nat ->
  after [] gs n x T =
    map (states next (fun t => decode_from (t * (m * p)) p x) nothing T) (seq 0 h).
Proof. intros. now apply (read_after next (fun _ S => S) h gs m p h n x T). Qed.

(* Steps whose state is twice h numbers, of which the last one puts out the first ones. *)
Theorem pair_after next h gs m p n x T :
  (forall t, g_fresh (gs t) = [integers [[m]] p]) ->
  g_state (gs 0%nat) = [zeros h; zeros h] ->
  (forall t, exists i j, g_state (gs t) = [i; j] /\ in_shape i = [[h]] /\ in_shape j = [[h]]) ->
  (forall t, (S t < T)%nat -> forall u v w X S C,
    vector u (peval [m] n) X -> vector v (peval [h] n) S -> vector w (peval [h] n) C ->
    meant (g_ops (gs t)) (g_outs (gs t)) n [u; v; w] =
      map (fst (next X (S, C))) (seq 0 h) ++ map (snd (next X (S, C))) (seq 0 h)) ->
  (forall t, S t = T -> forall u v w X S C,
    vector u (peval [m] n) X -> vector v (peval [h] n) S -> vector w (peval [h] n) C ->
    meant (g_ops (gs t)) (g_outs (gs t)) n [u; v; w] = map (fst (next X (S, C))) (seq 0 h)) ->
  (1 <= T)%nat ->
  let X t := decode_from (t * (m * p)) p x in
  after [] gs n x T = map (fst (states next X (nothing, nothing) T)) (seq 0 h).
Proof.
  intros F Z I Hn Hl T1 X. replace T with (S (pred T)) at 2 by lia. cbn [states].
  apply (states_after (fun s => map (fst s) (seq 0 h) ++ map (snd s) (seq 0 h)) next
    (fun X s => map (fst (next X s)) (seq 0 h)) gs m p); auto.
  - rewrite Z. unfold many, nbits. cbn. lia.
  - intro o. rewrite Z. cbn [sems0 flat_map]. now rewrite app_nil_r, !zeros_elements.
  - intros t u Y [S C] L V. destruct (I t) as (i & j & -> & D & D').
    cbn [fst snd].
    destruct (stacked_two i j h n S C D D') as (v & w & -> & W & W'). now apply Hn.
  - intros t u Y [S C] L V. destruct (I t) as (i & j & -> & D & D').
    cbn [fst snd].
    destruct (stacked_two i j h n S C D D') as (v & w & -> & W & W'). now apply Hl.
Qed.
Print Assumptions vector_after.
Print Assumptions pair_after.

(* Writes a step of concrete ones as what it is made of, before the last one or as the last one. *)
Ltac this_stage :=
  lazymatch goal with
  | |- context [g_ops ?s] =>
    let r := eval hnf in s in
    change s with r; cbn [g_ops g_outs];
    try match goal with
    | L : (S ?t < ?T)%nat |- context [Nat.eqb (S ?t) ?T] =>
      rewrite (proj2 (Nat.eqb_neq (S t) T)) by lia
    | L : S ?t = ?T |- context [Nat.eqb (S ?t) ?T] => rewrite (proj2 (Nat.eqb_eq (S t) T) L)
    end
  end.

(* By a theorem about the operations of a cell, whose hypotheses are known or computed. *)
Ltac stage_means means :=
  eapply eq_trans; [| apply means; first [eassumption | vm_compute; reflexivity]];
  f_equal; vm_compute; reflexivity.

(* From what is certified of concrete steps, shows that they compute what a theorem says. A step
   means what its own theorem says, and the last one too. *)
Ltac certify_states every_step theorem means last_means :=
  let T := fresh "T" in let n := fresh "n" in let HT := fresh in let Hn := fresh in
  intros T n HT Hn;
  let W := fresh in let D := fresh in let S := fresh in let V := fresh in
  destruct (every_step T HT n Hn) as (W & D & S & _ & V);
  split; [exact W | split; [exact D | split; [exact S |]]];
  let x := fresh in intro x; rewrite V;
  apply theorem;
  [ reflexivity | reflexivity | intros [|]; repeat eexists
  | intros; this_stage; stage_means means
  | intros; this_stage; stage_means last_means
  | exact HT ].
