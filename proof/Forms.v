(* Other forms of circuits: gates that count, gates of the majority, and AND and OR alone. Any
   circuit with few weights takes the first two, and one whose threshold gates read few wires the
   third, at a small price. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Lists Expansion Index.
Import ListNotations.
Open Scope Z_scope.

(* ---- gates that count ---- *)

(* A literal of weight w, as often as its absolute value; its complement if w is negative. *)
Definition copies (w : Z * flit) : list (Z * flit) :=
  let l := snd w in repeat (1, (xorb (fst w <? 0) (fst l), snd l)) (Z.abs_nat (fst w)).

(* What a weighted sum lacks at least: the negative weights. *)
Definition lack (ws : list (Z * flit)) : Z := fold_right (fun w s => Z.max 0 (- fst w) + s) 0 ws.

(* Literals with the weight 1. *)
Definition ones (ls : list flit) : list (Z * flit) := map (fun l => (1, l)) ls.

(* Any gate as one that counts. *)
Definition count (g : fgate) : fgate :=
  match g with
  | FAnd ls => FThr (ones ls) (Z.of_nat (length ls))
  | FOr ls => FThr (ones ls) 1
  | FThr ws t => FThr (flat_map copies ws) (t + lack ws)
  end.

(* The sum of copies. *)
Lemma wsum_copies x vs ws : wsum (lval x vs) (flat_map copies ws) = wsum (lval x vs) ws + lack ws.
Proof.
  assert (R : forall l k, wsum (lval x vs) (repeat (1, l) k) = Z.of_nat k * Z.b2z (lval x vs l)).
  { intros l k. induction k; [reflexivity |]. cbn [repeat wsum]. rewrite IHk. lia. }
  induction ws as [| [w [b r]] ws IH]; auto. cbn [flat_map wsum lack fold_right fst].
  rewrite wsum_app, IH. fold (lack ws). unfold copies. cbn [fst snd]. rewrite R.
  unfold lval. cbn [fst snd].
  destruct (Z.ltb_spec w 0), b, (rval x vs r); simpl; lia.
Qed.

(* How many literals of a list are true. *)
Lemma wsum_ones x vs ls : 0 <= wsum (lval x vs) (ones ls) <= Z.of_nat (length ls) /\
  (forallb (lval x vs) ls = (Z.of_nat (length ls) <=? wsum (lval x vs) (ones ls))) /\
  (existsb (lval x vs) ls = (1 <=? wsum (lval x vs) (ones ls))).
Proof.
  induction ls as [| l ls (A & B & C)]; [easy |].
  cbn [ones map wsum forallb existsb length]. fold (ones ls). rewrite B, C.
  set (s := wsum _ _) in *. clearbody s.
  split; [destruct (lval x vs l); cbn [Z.b2z]; lia |].
  split; apply eq_true_iff_eq; rewrite ?andb_true_iff, ?orb_true_iff, !Z.leb_le;
    destruct (lval x vs l); cbn [Z.b2z]; intuition (discriminate || lia).
Qed.

(* A gate that counts has the same value. *)
Lemma gval_count x vs g : gval x vs (count g) = gval x vs g.
Proof.
  destruct g as [ls | ls | ws t]; simpl.
  - symmetry. apply wsum_ones.
  - symmetry. apply wsum_ones.
  - rewrite wsum_copies. apply eq_true_iff_eq. rewrite !Z.leb_le. lia.
Qed.

(* It reads nothing else. *)
Lemma gargs_count g : incl (gargs (count g)) (gargs g).
Proof.
  intros r H. destruct g as [ls | ls | ws t]; simpl in *.
  - unfold ones in H. now rewrite map_map in H.
  - unfold ones in H. now rewrite map_map in H.
  - apply in_map_iff in H. destruct H as (u & <- & U). apply in_flat_map in U.
    destruct U as (w & W & U). apply repeat_spec in U. subst u. apply in_map_iff. now exists w.
Qed.

(* How many wires it reads. *)
Lemma fan_in_count g : (fan_in (count g) <= Nat.max (fan_in g) (gweight g))%nat.
Proof.
  unfold fan_in, count. destruct g as [ls | ls | ws t]; cbn [gargs gweight]; unfold ones;
    rewrite !map_length; try apply Nat.le_max_l.
  eapply Nat.le_trans; [| apply Nat.le_max_r]. apply Nat.eq_le_incl.
  induction ws as [| w ws IH]; auto.
  change (length (copies w ++ flat_map copies ws) = Z.abs_nat (fst w) + wsize ws)%nat.
  rewrite app_length. f_equal; [apply repeat_length | exact IH].
Qed.

(* Its weights are 1. *)
Lemma counting_count g : counting_gate (count g).
Proof.
  destruct g as [ls | ls | ws t]; simpl; apply Forall_forall; intros w H.
  - apply in_map_iff in H. now destruct H as (l & <- & _).
  - apply in_map_iff in H. now destruct H as (l & <- & _).
  - apply in_flat_map in H. destruct H as (u & _ & H). apply repeat_spec in H. now subst w.
Qed.

(* Renaming keeps the number of wires and the weights. *)
Lemma fan_in_rename f g : fan_in (rename f g) = fan_in g.
Proof. unfold fan_in. now rewrite gargs_rename, map_length. Qed.
Lemma gweight_rename f g : gweight (rename f g) = gweight g.
Proof. destruct g; simpl; auto. unfold wsize. now rewrite map_map. Qed.

(* A gate is at most one level above what it reads. *)
Lemma glev_le ls g m : Forall (fun r => rlev ls r <= m)%nat (gargs g) -> (glev ls g <= S m)%nat.
Proof. intro H. unfold glev. apply le_n_S, list_max_le. now apply Forall_map. Qed.

(* The wires of a gate, or its weights if there are more. *)
Definition heft (g : fgate) : nat := Nat.max (fan_in g) (gweight g).

(* Whether a gate reads at most m wires and has weights of a sum of at most m. *)
Definition light (m : nat) (g : fgate) : Prop := (fan_in g <= m /\ gweight g <= m)%nat.

(* A circuit of gates that count. *)
Definition counting (c : circuit) : circuit := expand [] (fun _ g => [count g]) c.

(* It computes the same, is no deeper, has no more gates, and as few wires as there are weights. *)
Theorem counting_ok m c : wf c -> Forall (light m) (gates c) -> let d := counting c in
  wf d /\ (depth d <= depth c)%nat /\ (size d <= size c)%nat /\
  (wires d <= list_sum (map heft (gates c)))%nat /\
  Forall (fun g => counting_gate g /\ (fan_in g <= m)%nat) (gates d) /\
  forall x, eval d x = eval c x.
Proof.
  intros W F d.
  destruct (expand_ok [] 0 (fun _ g => [count g]) 1 1 heft (light m)
    (fun g => counting_gate g /\ (fan_in g <= m)%nat)) with (c := c)
    as (A & B & C & X & D & E); auto.
  - split; [intros ni k g K; now destruct k | split; [simpl; lia | auto]].
  - unfold light, heft. intros f g. now rewrite fan_in_rename, gweight_rename.
  - intros ni k g [P1 P2] _ R b. subst b. split; [simpl; lia |].
    split; [simpl; rewrite Nat.add_0_r; apply fan_in_count |].
    split; [constructor; auto; split; [apply counting_count | pose proof (fan_in_count g); lia] |].
    split; [| split].
    + intros [| j] h H; [| now destruct j]. injection H as <-. rewrite Nat.add_0_r.
      eapply incl_Forall; [apply gargs_count | exact R].
    + intros x us vs _. simpl. apply gval_count.
    + intros us l ls _ _ L. simpl. constructor; auto. rewrite Nat.add_1_r.
      apply glev_le. eapply incl_Forall; [apply gargs_count | exact L].
  - split; [exact A |]. fold (counting c) in B, C, X, D, E. fold d in B, C, X, D, E.
    simpl in C, X. split; [lia | split; [lia | auto]].
Qed.
Print Assumptions counting_ok.

(* ---- gates of the majority ---- *)

(* Constants that make the majority of m literals and them a threshold t: gate 0, which holds, or
   its complement. *)
Definition pad (m : nat) (t : Z) : list flit :=
  let u := 2 * Z.max 0 (Z.min t (Z.of_nat m + 1)) in
  if u <=? Z.of_nat m then repeat (false, RGate 0) (Z.to_nat (Z.of_nat m - u))
  else repeat (true, RGate 0) (Z.to_nat (u - Z.of_nat m)).

(* A gate that counts as one of the majority, after gate 0. *)
Definition padded (g : fgate) : fgate :=
  match g with
  | FThr ws t =>
    let us := ws ++ ones (pad (length ws) t) in FThr us ((Z.of_nat (length us) + 1) / 2)
  | _ => g
  end.

(* The sum of copies of one literal. *)
Lemma wsum_repeat x vs l k :
  wsum (lval x vs) (ones (repeat l k)) = Z.of_nat k * Z.b2z (lval x vs l).
Proof.
  induction k; [reflexivity |]. unfold ones in *. cbn [repeat map wsum]. rewrite IHk. lia.
Qed.

(* The sum of weights that are 1. *)
Lemma wsum_unit x vs (ws : list (Z * flit)) : Forall (fun w => fst w = 1) ws ->
  0 <= wsum (lval x vs) ws <= Z.of_nat (length ws).
Proof.
  induction 1 as [| [w l] ws E _ IH]; [easy |]. cbn [fst] in E. subst w. cbn [wsum length].
  destruct (lval x vs l); cbn [Z.b2z]; lia.
Qed.

(* Where gate 0 holds, a padded gate has the same value. *)
Lemma gval_padded x us g :
  counting_gate g -> gval x (true :: us) (padded g) = gval x (true :: us) g.
Proof.
  destruct g as [| | ws t]; [easy .. |]. intro H. unfold padded. cbn [gval].
  pose proof (wsum_unit x (true :: us) ws H) as B.
  rewrite wsum_app, app_length, Nat2Z.inj_add.
  set (s := wsum _ ws) in *. clearbody s. set (m := length ws) in *. clearbody m.
  unfold pad. set (u := Z.max 0 (Z.min t (Z.of_nat m + 1))).
  assert (U : (t <=? s) = (u <=? s)) by (apply eq_true_iff_eq; rewrite !Z.leb_le; lia).
  rewrite U. assert (0 <= u) by lia. clearbody u.
  apply eq_true_iff_eq.
  destruct (Z.leb_spec (2 * u) (Z.of_nat m)); unfold ones at 1;
    rewrite map_length, repeat_length, wsum_repeat, Z2Nat.id, !Z.leb_le by lia;
    unfold lval; cbn [fst snd rval nth xorb Z.b2z].
  - replace (Z.of_nat m + (Z.of_nat m - 2 * u) + 1) with (1 + (Z.of_nat m - u) * 2) by lia.
    rewrite Z.div_add by lia. change (1 / 2) with 0. lia.
  - replace (Z.of_nat m + (2 * u - Z.of_nat m) + 1) with (1 + u * 2) by lia.
    rewrite Z.div_add by lia. change (1 / 2) with 0. lia.
Qed.

(* It reads gate 0 and nothing else. *)
Lemma gargs_padded g : incl (gargs (padded g)) (RGate 0 :: gargs g).
Proof.
  destruct g as [ls | ls | ws t]; intros r H; [now right .. |].
  unfold padded in H. cbn [gargs] in H. rewrite map_app, in_app_iff in H.
  destruct H as [H | H]; [now right | left].
  unfold ones in H. rewrite map_map in H. apply in_map_iff in H. destruct H as (l & <- & H).
  unfold pad in H. destruct (_ <=? _) in H; apply repeat_spec in H; now subst l.
Qed.

(* It is of the majority, and has not many more wires. *)
Lemma majority_padded g : counting_gate g ->
  majority_gate (padded g) /\ (fan_in (padded g) <= 2 * fan_in g + 2)%nat.
Proof.
  destruct g as [| | ws t]; [easy .. |]. intro H. split.
  - split; [| reflexivity]. apply Forall_app. split; [exact H |].
    apply Forall_map, Forall_forall. auto.
  - unfold fan_in, padded. cbn [gargs]. rewrite !map_length, app_length. unfold ones.
    rewrite map_length. unfold pad. destruct (_ <=? _) eqn:E; rewrite repeat_length;
      unfold flit in *; lia.
Qed.

(* A circuit of gates of the majority: the first one, of no literals, holds. *)
Definition majority (c : circuit) : circuit :=
  expand [FThr [] 0] (fun _ g => [padded (count g)]) c.

(* It computes the same, is one level deeper, has one more gate, and few more wires. *)
Theorem majority_ok m c : wf c -> Forall (light m) (gates c) -> let d := majority c in
  wf d /\ (depth d <= S (depth c))%nat /\ (size d <= S (size c))%nat /\
  (wires d <= list_sum (map (fun g => 2 * heft g + 2) (gates c)))%nat /\
  Forall (fun g => majority_gate g /\ (fan_in g <= 2 * m + 2)%nat) (gates d) /\
  forall x, eval d x = eval c x.
Proof.
  intros W F d.
  destruct (expand_ok [FThr [] 0] 1 (fun _ g => [padded (count g)]) 1 1
    (fun g => 2 * heft g + 2)%nat (light m)
    (fun g => majority_gate g /\ (fan_in g <= 2 * m + 2)%nat)) with (c := c)
    as (A & B & C & X & D & E); auto.
  - split; [intros ni [| [| k]] g K; [injection K as <-; constructor | easy ..] |].
    split; [simpl; lia |]. repeat constructor. unfold fan_in. simpl. lia.
  - unfold light, heft. intros f g. now rewrite fan_in_rename, gweight_rename.
  - intros ni k g [P1 P2] K R b. subst b. cbn [length] in K. split; [simpl; lia |].
    destruct (majority_padded (count g) (counting_count g)) as [M1 M2].
    split; [simpl; pose proof (fan_in_count g); unfold heft; lia |].
    split; [constructor; auto; split; [auto | pose proof (fan_in_count g); lia] |].
    assert (I : incl (gargs (padded (count g))) (RGate 0 :: gargs g)).
    { intros r H. apply gargs_padded in H. destruct H as [H | H]; [now left | right].
      now apply gargs_count. }
    split; [| split].
    + intros [| j] h H; [| now destruct j]. injection H as <-. rewrite Nat.add_0_r.
      eapply incl_Forall; [exact I |]. constructor; [exact K | exact R].
    + intros x us vs _. simpl. subst vs. simpl.
      rewrite gval_padded by apply counting_count. apply gval_count.
    + intros us l ls _ E L. simpl. constructor; auto. rewrite Nat.add_1_r.
      apply glev_le. eapply incl_Forall; [exact I |]. constructor; [exact E | exact L].
  - split; [exact A |]. fold (majority c) in B, C, X, D, E. fold d in B, C, X, D, E.
    simpl in C. split; [lia | split; [lia | auto]].
Qed.
Print Assumptions majority_ok.
