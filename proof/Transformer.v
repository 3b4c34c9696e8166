(* Language models: an embedding, layers with norms before or after, the norm of the last position,
   and the greatest logit. They compute the next token as LanguageDefinitions.v has it. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions NormDefinitions LayerDefinitions LanguageDefinitions.
From TC0 Require Import Vocabulary Words Values Blocks Attention CausalAttention AttentionForms.
From TC0 Require Import StableAttention HardAttention Norm StairNorm Layer Stack.
From TC0 Require Import LastPosition Embedding.
Import ListNotations.
Open Scope Z_scope.

(* ---- layers with norms before, but for the last staircase ---- *)

(* The parameters of LayerDefinitions.v. *)
Section Sum.
  Variables (d m : nat) (parts : Z).
  Variables (WO WU WD : list (list Z)).
  Variables (base1 : Z) (jumps1 : list (Z * Z)).
  Variables (baseU : Z) (jumpsU : list (Z * Z)).
  Variables norm1 norm2 attention : (nat -> nat -> Z) -> nat -> nat -> Z.

  (* The last residual sum of a layer; its staircase is what the layer makes. *)
  Definition layer_sum (x : nat -> nat -> Z) : nat -> nat -> Z :=
    let r := attended d parts WO base1 jumps1 attention x (norm1 x) in
    residual parts m WD r (hidden_unit d WU baseU jumpsU (norm2 r)).

  (* The operations: x is value j. *)
  Definition layer_sum_ops (j : nat) (N1 A N2 : list op) : list op :=
    sequence (residual_ops d parts d WO j (sequence N1 A))
      (residual_ops d parts m WD 1 (sequence N2 (hidden_ops d m WU baseU jumpsU))).

  (* What the layer makes. *)
  Lemma layer_of_sum baseD jumpsD x :
    pre_norm_layer d m parts WO WU WD base1 jumps1 baseU jumpsU baseD jumpsD norm1 norm2
      attention x = (fun i f => stair baseD jumpsD (layer_sum x i f)).
  Proof. reflexivity. Qed.

  (* They compute it if the parts are computed. *)
  Lemma layer_sum_computes j N1 A N2 n u x :
    computes N1 n d d u (norm1 x) -> (forall y, computes A n d d y (attention y)) ->
    stair_norm d base1 jumps1 N2 n norm2 -> (j <= length N1)%nat ->
    (forall t, holds t n d u -> holds (nth j (sems n (sequence N1 A) [t]) tnone) n d x) ->
    computes (layer_sum_ops j N1 A N2) n d d u (layer_sum x).
  Proof.
    intros C1 CA [F2 C2] J HJ. unfold layer_sum_ops.
    eapply sequence_computes.
    { apply residual_computes with (Y := x); [| | exact HJ].
      - eapply sequence_computes; [exact C1 | apply CA].
      - unfold sequence. rewrite app_length. lia. }
    apply residual_computes with (j := 1%nat).
    - eapply sequence_computes; [apply C2 | apply hidden_computes].
    - unfold sequence. rewrite app_length. destruct N2; [discriminate |]. cbn [length]. lia.
    - intros t H. destruct N2 as [| o N2]; [discriminate |]. injection F2 as ->.
      cbn [sequence app]. rewrite first_value. exact (step_computes n d base1 jumps1 _ t H).
  Qed.

  (* The first layer reads x. *)
  Theorem first_sum_computes N1 A N2 n x :
    computes N1 n d d x (norm1 x) -> (forall y, computes A n d d y (attention y)) ->
    stair_norm d base1 jumps1 N2 n norm2 ->
    computes (layer_sum_ops 0 N1 A N2) n d d x (layer_sum x).
  Proof.
    intros C1 CA C2. apply layer_sum_computes; auto; [lia |]. intros t H. now apply input_value.
  Qed.

  (* A later one reads the last residual sum of the layer before, whose staircase is x. *)
  Theorem next_sum_computes base0 jumps0 N1 A N2 n u x :
    x = (fun i f => stair base0 jumps0 (u i f)) ->
    stair_norm d base0 jumps0 N1 n norm1 -> (forall y, computes A n d d y (attention y)) ->
    stair_norm d base1 jumps1 N2 n norm2 ->
    computes (layer_sum_ops 1 N1 A N2) n d d u (layer_sum x).
  Proof.
    intros -> [F1 C1] CA C2. destruct N1 as [| o N1]; [discriminate |]. injection F1 as ->.
    apply layer_sum_computes; auto; [cbn [length]; lia |]. intros t H.
    cbn [sequence app]. rewrite first_value. exact (step_computes n d base0 jumps0 _ t H).
  Qed.
End Sum.
Print Assumptions first_sum_computes.
Print Assumptions next_sum_computes.

(* ---- the next token ---- *)

Section Unembedding.
  Variables (words d : nat) (table : list (list Z)).

  (* The logit of word w from d features. *)
  Definition score_of (y : nat -> Z) (w : nat) : Z :=
    bigsum d (fun f => word_vector table w f * y f).

  (* Logits, and marks of the greatest. *)
  Definition logit_ops : list op := [linear [[words]] [d] 0 table [] 0].
  Definition greatest_ops : list op :=
    [ ranked [[words]] [words] 0 0; OMax 0 [(CK 0, 1)] [[words]] [IV 1] 1 ].

  (* They are these. *)
  Lemma logit_makes n y :
    makes logit_ops n (fun t => lists t d y) (fun t => lists t words (score_of y)).
  Proof.
    intros t [_ H]. cbn [logit_ops length sems nth app].
    split; [cbn [sem1 linear fst]; now lengths |]. intros w W. unfold linear.
    rewrite sum_sem by inside. lengths. rewrite zsum_box1. cbn [cval ints Z.add].
    unfold score_of. apply bigsum_ext. intros f F.
    cbn [cval app nth imap map ieval seq]. rewrite H by auto. reflexivity.
  Qed.
  Lemma greatest_makes n s : (1 <= words)%nat ->
    makes greatest_ops n (fun t => lists t words s)
      (fun t => lists t words (fun w => Z.b2z (w =? leftmost words s)%nat)).
  Proof.
    intros P t [S H]. unfold greatest_ops. cbn [length].
    next t1.
    assert (H1 : fst t1 = [words] /\ forall w, (w < words)%nat ->
      snd t1 [w] = Z.of_nat words * s w + - Z.of_nat w).
    { subst t1. split; [cbn [sem1 ranked fst]; now lengths |]. intros w W. unfold ranked.
      rewrite sum_sem by inside. unfold dims. cbn [map]. rewrite zsum_box0.
      cbn [app nth cval map imap ieval length seq]. rewrite length_c, H by auto. lia. }
    clearbody t1. destruct H1 as [S1 H1].
    next t2. cbn [sems nth]. subst t2. cbn [sem1 nth].
    split; cbn [fst snd]; [exact S1 |]. intros w W.
    rewrite table_eq, S1, inb1, H1 by auto. lengths. rewrite box1, map_map.
    set (r k := Z.of_nat words * s k + - Z.of_nat k).
    replace (zmax _) with (greatest words r).
    - change (Z.of_nat words * s w + - Z.of_nat w) with (r w).
      rewrite <- (ranked_greatest words words s w) by lia.
      unfold stair, jumpsat. cbn [map fst snd cval zsum]. fold r. fold (r w).
      now destruct (0 <=? _).
    - rewrite <- (zmax_greatest words (fun k => k) words r P); [| auto | eauto].
      f_equal. apply map_ext_in. intros k K. apply in_seq in K. cbn [app imap map ieval nth].
      symmetry. apply H1. lia.
  Qed.
End Unembedding.

(* ---- programs ---- *)

(* The program of a model. It may go on with operations that nothing reads. *)
Definition language_of (tokens : input) (ops more : list op) : prog :=
  mkProg [tokens] (ops ++ more) [length ops].

(* The elements of a list. *)
Lemma elements_lists t d Y : lists t d Y -> elements t = map Y (seq 0 d).
Proof.
  intros [S H]. unfold elements. rewrite S, box1, map_map. apply map_ext_in. intros f F.
  apply in_seq in F. apply H. lia.
Qed.

(* What it means, if it makes a list of what the input is. *)
Lemma language_meaning a ops more n x (P : tensor -> Prop) m Y : P (sem0 a n 0 x) ->
  makes ops n P (fun t => lists t m Y) -> meaning (language_of a ops more) n x = map Y (seq 0 m).
Proof.
  intros T M. unfold meaning, language_of. cbn [p_ins p_ops p_outs sems0 flat_map].
  rewrite app_nil_r, sems_app, sems_old by (rewrite sems_length; cbn [length]; lia).
  apply elements_lists, M, T.
Qed.

(* For tokens in one-hot codes. *)
Theorem hot_meaning words d table C ops more n tokens x m Y : one_hot words n tokens x ->
  makes ops n (fun t => holds t n d (embed table (fun i k => C [i; k]) tokens))
    (fun t => lists t m Y) ->
  meaning (language_of (booleans [pn; [words]])
    (embedded (hot_ops words d table) d C ops) more) n x = map Y (seq 0 m).
Proof.
  intros T M. apply language_meaning with (P := fun t => holds t n words (hot tokens));
    [now apply hot_holds |].
  eapply embedded_makes; [| exact M]. apply hot_computes. intros i I. apply (T i I).
Qed.
Print Assumptions hot_meaning.

(* For tokens in binary. *)
Theorem binary_meaning words p d table C ops more n tokens x m Y : (2 <= words)%nat ->
  binary words p n tokens x ->
  makes ops n (fun t => holds t n d (embed table (fun i k => C [i; k]) tokens))
    (fun t => lists t m Y) ->
  meaning (language_of (naturals [pn] p)
    (embedded (binary_ops words d table) d C ops) more) n x = map Y (seq 0 m).
Proof.
  intros W T M. apply language_meaning with (P := numbers n tokens);
    [now apply numbers_hold with (words := words) |].
  eapply embedded_makes; [| exact M]. apply binary_makes; auto. intros i I. apply (T i I).
Qed.
Print Assumptions binary_meaning.

(* ---- the last position ---- *)

(* The norm of the last position, and what is made of it: B. A norm is about each position alone. *)
Section Last.
  Variables (d n : nat) (ops B : list op) (R : tensor -> Prop).
  Variables (X : nat -> nat -> Z) (norm : (nat -> nat -> Z) -> nat -> nat -> Z).
  Hypothesis some : (1 <= n)%nat.
  Hypothesis each : forall y i, norm (fun _ => y i) 0%nat = norm y i.

  (* The norm of a staircase, which is y. *)
  Lemma stairs_then base js y : y = (fun i f => stair base js (X i f)) ->
    stair_norm d base js ops 1 norm -> fits [0%nat] 1 ops = true ->
    makes B n (fun t => lists t d (norm y (n - 1)%nat)) R ->
    makes (sequence (last_of_stairs d ops) B) n (fun t => holds t n d X) R.
  Proof.
    intros -> [F C] S M. eapply sequence_makes; [| exact M]. rewrite <- each.
    apply last_of_stairs_computes with (Y := norm (fun _ f => stair base js (X (n - 1)%nat f)));
      [exact some | now destruct ops | | exact S].
    apply (C (fun _ => X (n - 1)%nat)).
  Qed.

  (* Another norm. *)
  Lemma norm_then : computes ops 1 d d (fun _ => X (n - 1)%nat) (norm (fun _ => X (n - 1)%nat)) ->
    ops <> [] -> fits [2%nat] 3 ops = true ->
    makes B n (fun t => lists t d (norm X (n - 1)%nat)) R ->
    makes (sequence (last_of d ops) B) n (fun t => holds t n d X) R.
  Proof.
    intros C F S M. eapply sequence_makes; [| exact M]. rewrite <- each.
    now apply last_of_computes with (Y := norm (fun _ => X (n - 1)%nat)).
  Qed.
End Last.

(* The next token of features y. *)
Lemma next_makes words d table n y : (1 <= words)%nat ->
  makes (sequence (logit_ops words d table) (greatest_ops words)) n (fun t => lists t d y)
    (fun t => lists t words (fun w => Z.b2z (w =? leftmost words (score_of d table y))%nat)).
Proof.
  intro W. eapply sequence_makes; [apply logit_makes | now apply greatest_makes].
Qed.

(* ---- certificates ---- *)

(* The block of layers, of the norm of the last position, and of the rest: text has the operations.
   Layers with norms before read staircases of the sums of the layer before, or the embedding. *)
Ltac model_ops text layers before norm d rest :=
  lazymatch text with
  | context [root_sign _ _ ?B1 _ :: ?text1] =>
    lazymatch layers with
    | [] =>
      lazymatch before with
      | (?base, ?js) =>
        let N := stair_norm_ops base js norm B1 in constr:(sequence (last_of_stairs d N) rest)
      | _ => let N := norm_ops norm B1 in constr:(sequence (last_of d N) rest)
      end
    | pre_norm_layer _ ?m ?parts ?WO ?WU ?WD ?b1 ?j1 ?bU ?jU ?b2 ?j2 ?f1 ?f2 ?f :: ?more =>
      lazymatch text1 with
      | context [root_sign _ _ ?B2 _ :: ?text2] =>
        let A := attention_ops f in
        let N2 := stair_norm_ops b1 j1 f2 B2 in
        let r := model_ops text2 more (b2, j2) norm d rest in
        lazymatch before with
        | (?base, ?js) =>
          let N1 := stair_norm_ops base js f1 B1 in
          constr:(sequence (layer_sum_ops d m parts WO WU WD bU jU 1 N1 A N2) r)
        | _ =>
          let N1 := norm_ops f1 B1 in
          constr:(sequence (layer_sum_ops d m parts WO WU WD bU jU 0 N1 A N2) r)
        end
      end
    | post_norm_layer _ ?m ?parts ?WO ?WU ?WD ?b1 ?j1 ?bU ?jU ?b2 ?j2 ?f1 ?f2 ?f :: ?more =>
      lazymatch text1 with
      | context [root_sign _ _ ?B2 _ :: ?text2] =>
        let A := attention_ops f in
        let N1 := stair_norm_ops b1 j1 f1 B1 in
        let N2 := stair_norm_ops b2 j2 f2 B2 in
        let r := model_ops text2 more before norm d rest in
        constr:(sequence (post_norm_ops d m parts WO WU WD bU jU A N1 N2) r)
      end
    end
  end.

(* Shows that a norm computes what it should of numbers in a range, of which the given tactic says
   which one. *)
Ltac norm_in_range range :=
  lazymatch goal with
  | |- computes (rms_ops _ _ _ _ _ _ _ _ _) _ _ _ _ _ => eapply rms_of_range
  | |- _ => eapply layer_norm_of_range
  end;
  [compute_hypothesis | compute_hypothesis | range | compute_hypothesis].

(* The same of a staircase. *)
Ltac stair_part :=
  lazymatch goal with
  | |- stair_norm ?d ?base ?js ?N ?m ?f =>
    refine ((_ : forall n, stair_norm d base js N n f) m); layer_part
  end.

(* Shows that they make what is to be computed. The layers before make y, and the range is that of
   codes. *)
Ltac model_part layers before made last range :=
  lazymatch layers with
  | [] =>
    lazymatch before with
    | (?b0, ?j0) =>
      apply stairs_then with (base := b0) (js := j0) (y := made) (norm := last);
      [assumption | reflexivity | apply layer_of_sum | stair_part | vm_compute; reflexivity |]
    | _ =>
      apply norm_then with (norm := last);
      [ assumption | reflexivity
      | norm_in_range ltac:(
          intros; cbv beta zeta delta [post_norm_layer layer_norm]; apply norm_range)
      | discriminate
      | vm_compute; reflexivity
      | ]
    end;
    lazymatch goal with
    | |- makes (logit_ops _ _ _) _ _ _ => apply logit_makes
    | |- _ => apply next_makes; compute_hypothesis
    end
  | ?l :: ?more =>
    eapply computes_makes;
    [ lazymatch l with
      | pre_norm_layer ?d ?m ?parts ?WO ?WU ?WD ?b1 ?j1 ?bU ?jU _ _ ?f1 ?f2 ?f =>
        lazymatch before with
        | (?b0, ?j0) =>
          apply (next_sum_computes d m parts WO WU WD b1 j1 bU jU f1 f2 f b0 j0) with (x := made);
          [apply layer_of_sum | stair_part | |]
        | _ =>
          apply (first_sum_computes d m parts WO WU WD b1 j1 bU jU f1 f2 f);
          [norm_in_range ltac:(intros; apply embed_range; exact range) | |]
        end;
        [attention_part | stair_part]
      | post_norm_layer ?d ?m ?parts ?WO ?WU ?WD ?b1 ?j1 ?bU ?jU ?b2 ?j2 ?f1 ?f2 ?f =>
        apply (post_norm_computes d m parts WO WU WD b1 j1 bU jU b2 j2 f1 f2 f);
        [attention_part | stair_part | stair_part]
      end
    | let next := constr:(l made) in
      lazymatch l with
      | pre_norm_layer _ _ _ _ _ _ _ _ _ _ ?b2 ?j2 _ _ _ => model_part more (b2, j2) next last range
      | _ => model_part more before next last range
      end ]
  end.

(* Takes depth and size from what is certified of a concrete program, and leaves its meaning on a
   sequence of tokens to the tactic. *)
Ltac on_tokens certificate meant :=
  let n := fresh "n" in let Hn := fresh in intros n Hn;
  let W := fresh in let D := fresh in let S := fresh in let V := fresh in
  destruct (certificate n Hn) as (W & D & S & V);
  split; [exact W | split; [exact D | split; [exact S |]]]; clear W D S;
  let tokens := fresh "tokens" in let x := fresh in let T := fresh in
  intros tokens x T; rewrite V; clear V;
  meant n tokens x T.

(* From what is certified of a concrete program, shows that it computes the next token or the logits
   as what is to be computed says, from which the parameters are read. The numbers B are read off
   the program. *)
Ltac certify_language certificate range :=
  on_tokens certificate ltac:(fun n tokens x T =>
  lazymatch goal with
  | |- meaning ?program _ _ = map ?Y (seq 0 ?words) =>
    let text := eval hnf in program in
    let more := lazymatch text with
      | context [gather _ [IAdd (IMul _ (IV 0)) (IV 1)] _ :: nil] => constr:(true)
      | _ => constr:(false)
      end in
    let build d table C layers norm rest :=
      let r := model_ops text layers tt norm d rest in
      let F := lazymatch type of T with
        | one_hot _ _ _ _ => constr:(hot_ops words d table)
        | _ => constr:(binary_ops words d table)
        end in
      let ops := constr:(embedded F d C r) in
      let after := lazymatch more with
        | true =>
          constr:([gather [[1%nat]; [words]] [IAdd (IMul words (IV 0)) (IV 1)] (length ops)])
        | false => constr:(@nil op)
        end in
      let E := fresh in
      lazymatch type of T with
      | one_hot _ _ _ _ =>
        assert (E : program = language_of (booleans [pn; [words]]) ops after) by reflexivity;
        rewrite E; clear E;
        apply (hot_meaning words d table C r after n tokens x words Y T)
      | binary _ ?p _ _ _ =>
        assert (E : program = language_of (naturals [pn] p) ops after) by reflexivity;
        rewrite E; clear E;
        apply (binary_meaning words p d table C r after n tokens x words Y); [lia | exact T |]
      end;
      unfold next_token, logit; cbn [stack fold_left];
      model_part layers tt (embed table (fun i k => C (i :: k :: nil)) tokens) norm range in
    lazymatch Y with
    | context [next_token _ ?d ?table (fun i k => ?C (i :: k :: nil)) ?layers ?norm _ _] =>
      build d table C layers norm (sequence (logit_ops words d table) (greatest_ops words))
    | logit ?d ?table (fun i k => ?C (i :: k :: nil)) ?layers ?norm _ _ =>
      build d table C layers norm (logit_ops words d table)
    end
  end).
